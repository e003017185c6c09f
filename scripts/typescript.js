import { register } from 'node:module'

/**
 * `node --import ./scripts/typescript.js file.ts` runs our TypeScript as it is written. tsx, which
 * runs all else here, gives every function its name again whenever it is made, so that a request
 * takes a sixth more; and Node takes the types out by itself from 22.18 on only.
 */
process.setSourceMapsEnabled(true)
register('./typescript-hook.js', import.meta.url)
