import { people } from './demo-rows.ts'
import { signToken } from './tokens.ts'

/** Prints a token of somebody of the demo: `npm run -s token -- Ada`. */
const person = people.find(({ name }) => name === process.argv[2])
if (!person) throw new Error(`Name one of ${people.map(({ name }) => name).join(', ')}`)
console.log(signToken(person.id))
