import { generateKeyText } from '#vault/keys.ts'

/** Prints one new key for MCP_ENCRYPTION_KEY, padded, as Python's `Fernet.generate_key()` does. */
export async function generateKey(): Promise<number> {
  process.stdout.write(`${generateKeyText()}\n`)
  return 0
}
