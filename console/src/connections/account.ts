import type { Connection } from '@chaveiro/sdk'

/** Names of an account as providers tell them; ids are no names. */
const NAME = /(?:^|_)(?:name|login|email)$/

/** What the provider calls the account, without what the label says already. */
export function accountNames({ account, label }: Pick<Connection, 'account' | 'label'>): string[] {
  const names = Object.entries(account)
    .filter(([key, value]) => NAME.test(key) && typeof value === 'string' && value !== '')
    .map(([, value]) => String(value))
  return [...new Set(names)].filter((name) => name !== label)
}
