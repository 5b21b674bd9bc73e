import type { Config } from './config.ts'

/** What works, and may still not be what was meant: said by `chaveiro doctor` and shown to who administers the server. */
export interface Advice {
  readonly code: 'exposed' | 'not_https' | 'limits_alone' | 'provider_redirected'
  readonly subject: string
  readonly detail: string
}

/** What can be told from the settings alone; nothing is asked over the network. */
export function adviceOf(config: Config): Advice[] {
  const advice: Advice[] = []
  const isLoopback = config.host === '127.0.0.1' || config.host === '::1' || config.host === 'localhost'
  if (!config.production && !isLoopback) {
    const detail = `HOST ${config.host} is reachable from outside in development mode. Set NODE_ENV=production and PUBLIC_URL.`
    advice.push({ code: 'exposed', subject: 'Exposure', detail })
  }
  if (config.production && !config.publicUrl.startsWith('https:')) {
    const detail = 'is not https: keys and passwords would cross the network in clear.'
    advice.push({ code: 'not_https', subject: 'PUBLIC_URL', detail })
  }
  if (config.databaseUrl !== undefined && config.limits.store === 'memory') {
    const detail = 'each replica counts for itself. With several, set CHAVEIRO_LIMITS_STORE to postgres or redis.'
    advice.push({ code: 'limits_alone', subject: 'Limits', detail })
  }
  for (const [provider, url] of config.providerApiUrls) {
    const detail = `${provider} is reached at ${url} instead of its own address.`
    advice.push({ code: 'provider_redirected', subject: 'Provider', detail })
  }
  return advice
}
