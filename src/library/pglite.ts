/** `loadline/pglite`: PostgreSQL inside the process, with the same interface as a pool on a server. */
export { openPglite, type PgliteDatabase, type PgliteOptions } from '../sql/pglite.ts'
