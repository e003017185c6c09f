import { type Config, parseConfig } from './config.ts'
import { getDevelopmentSecret } from './guard/development-secret.ts'

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
