import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { type Config, ConfigError, parseConfig } from './config.ts'
import { getDevelopmentSecret } from './guard/development-secret.ts'
import { readManifest } from './guard/trusted-documents.ts'

/**
 * The configuration of this process, with a key to verify tokens: in development, where none needs to
 * be configured, the secret that is kept in the data directory. Throws `ConfigError`.
 */
export async function loadConfig(env: NodeJS.ProcessEnv): Promise<Config> {
  const config = parseConfig(env)
  const { auth, dataDirectory } = config
  if (auth.secret !== null || auth.jwksUrl !== null) return config
  return { ...config, auth: { ...auth, secret: await getDevelopmentSecret(dataDirectory) } }
}

/**
 * Statements that operations run at most, by name, as `npm run budgets` has recorded them; none where
 * there is no such file. Throws `ConfigError` when it cannot be read.
 */
export async function loadBudgets({ observe }: Config): Promise<ReadonlyMap<string, number>> {
  try {
    const budgets: unknown = JSON.parse(await readFile(observe.budgets, 'utf8'))
    return new Map(Object.entries(z.record(z.string(), z.number()).parse(budgets)))
  } catch (error) {
    if (Object(error).code === 'ENOENT') return new Map()
    const reason = error instanceof Error ? error.message : String(error)
    throw new ConfigError([`LOADLINE_BUDGETS: ${observe.budgets}: ${reason}`])
  }
}

/** The documents that clients may name by their ids. Throws `ConfigError` when they cannot be read. */
export async function loadManifest({ documents }: Config): Promise<ReadonlyMap<string, string>> {
  if (documents.mode === 'off') return new Map()
  try {
    return await readManifest(documents.manifest)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new ConfigError([`LOADLINE_TRUSTED_MANIFEST: ${reason}`])
  }
}
