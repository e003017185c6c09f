import { z } from 'zod'
import type { Context } from '../context.ts'
import type { Prisma, Role } from '../generated/prisma/client.ts'
import { getWriter, unauthenticated, type Writer } from './authorize.ts'
import { builder, entity } from './builder.ts'
import { runOnce } from './idempotency.ts'
import { declareInput, type InputFields } from './input-type.ts'
import { maybe, text } from './input-values.ts'
import type { PayloadField, Results, ResultsOf } from './payload.ts'
import { transact } from './transact.ts'
import { badInput, type InputIssue, issue, parseInput } from './validate.ts'

export interface MutationOptions<Input extends InputFields, Payload extends PayloadFields> {
  readonly description: string
  /** The roles that may call it at all; what each may change, `run` decides. */
  readonly allow: readonly Role[]
  readonly input: Input
  /** Rules between fields, which need no database. `fault` continues the field's name. */
  readonly check?: (
    input: Values<Input>,
    fault: (path: readonly PropertyKey[], message: string) => void,
  ) => void
  readonly payload: Payload
  /**
   * The rule, from top to bottom: lock, look, refuse or write. Gives the raw ids of the payload,
   * which is read after COMMIT. It may be run again, so it touches nothing but `tx`.
   */
  readonly run: (call: Call<Input>) => Promise<ResultsOf<Payload>>
}

export interface Call<Input extends InputFields> {
  readonly input: Values<Input>
  readonly tx: Prisma.TransactionClient
  readonly viewer: Writer
}

/** The parsed values of an input's fields. */
type Values<Input extends InputFields> = z.output<z.ZodObject<Input>>

type PayloadFields = Readonly<Record<string, PayloadField<unknown>>>

/**
 * Declares a mutation of one argument, `input`. A call is one transaction: who calls, what is given
 * and what is there are checked before the first write, and a failure leaves nothing.
 *
 * Its payload is nullable, so that a mutation that fails does not take away the answers of those
 * before it in the same operation.
 */
export function mutation<const Input extends InputFields, Payload extends PayloadFields>(
  name: string,
  options: MutationOptions<Input, Payload>,
): void {
  const { description, payload } = options
  const schema = z.object(options.input)
  const typeName = name.replace(/^./, (letter) => letter.toUpperCase())
  const inputType = declareInput(`${typeName}Input`, `What \`${name}\` takes.`, {
    ...options.input,
    idempotencyKey,
  })
  const payloadType = entity.payload<Results>(`${typeName}Payload`, {
    description: `What \`${name}\` changed, as it is now.`,
    fields: (t) =>
      Object.fromEntries(
        Object.entries(payload).map(([key, field]) => [key, field.declare(t, key)]),
      ),
  })
  builder.mutationField(name, (t) =>
    t.field({
      description,
      type: payloadType,
      nullable: true,
      args: {
        input: t.arg({ type: inputType, required: true, description: 'What to do, and to what.' }),
      },
      resolve: (_, { input }, context) =>
        callMutation({ ...options, name, schema }, input, context),
    }),
  )
}

const idempotencyKey = maybe(text(200)).describe(
  'Any text of at most 200 characters. Called again with it within 24 hours, the mutation changes nothing and answers for the first call; with another input it is a CONFLICT.',
)

const keySchema = z.object({ idempotencyKey })

async function callMutation<Input extends InputFields, Payload extends PayloadFields>(
  mutation: MutationOptions<Input, Payload> & {
    readonly name: string
    readonly schema: z.ZodObject<Input>
  },
  rawInput: unknown,
  context: Context,
): Promise<ResultsOf<Payload>> {
  const { name: operation, schema, allow, check, run } = mutation
  const userId = context.viewer.id()
  if (userId === null) throw unauthenticated()
  const { idempotencyKey: key } = parseInput(keySchema, rawInput)
  const input = parseInput(schema, rawInput)
  checkTogether(input, check)
  const results = await transact(context, async (tx) => {
    const viewer = await getWriter(tx, userId, allow)
    const work = () => run({ input, tx, viewer })
    return key === undefined ? work() : runOnce(tx, { userId, operation, key, input }, work)
  })
  // What was read before says how things were.
  context.loaders = context.createLoaders()
  return results
}

function checkTogether<Input extends InputFields>(
  input: Values<Input>,
  check: MutationOptions<Input, PayloadFields>['check'],
): void {
  const issues: InputIssue[] = []
  check?.(input, (path, message) => issues.push(issue(['input', ...path], message)))
  if (issues.length > 0) throw badInput(issues)
}
