import { createServer, type AddressInfo } from 'node:net'

/**
 * Makes sure that a port can be had before a server is started on it: else its neighbour would answer in its place.
 * @param wanted 0 takes any that is free
 * @throws Error in words for a person where the port is taken
 */
export async function claimPort(host: string, wanted: number): Promise<number> {
  const probe = createServer()
  try {
    await new Promise<void>((resolve, reject) => {
      probe.once('error', reject)
      probe.listen(wanted, host, resolve)
    })
    return (probe.address() as AddressInfo).port
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    throw new Error(
      `Port ${wanted} is in use, perhaps by a demo that runs already. Stop what runs there, or choose another port and ` +
        `another directory: PORT=${wanted + 1} CHAVEIRO_DATA_DIR=data/demo-${wanted + 1} npm run demo`,
      { cause: error },
    )
  } finally {
    await new Promise((resolve) => probe.close(resolve))
  }
}
