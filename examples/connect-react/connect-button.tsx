import { useState } from 'react'
import { connect } from '../connect-button/connect-button.js'

interface ConnectButtonProps {
  /** What is to be connected, as people call it. */
  readonly name: string
  /** Asks the product's own server for a link; see server.mjs of the other example for what that does. */
  readonly askForLink: (attempt: string) => Promise<string>
  /** Ask the server whether it is true before it is shown. */
  readonly onConnected: (connectionId: number) => void
}

/**
 * A button by which a user of a product connects an account. The page that `return_to` names calls `reportBack()`.
 *
 *     <ConnectButton name="Notion" askForLink={askForLink} onConnected={() => void reload()} />
 */
export function ConnectButton({ name, askForLink, onConnected }: ConnectButtonProps) {
  const [isOpen, setIsOpen] = useState(false)
  const [fault, setFault] = useState<string | null>(null)
  const press = async () => {
    setIsOpen(true)
    setFault(null)
    try {
      const ending = await connect(askForLink)
      if ('connected' in ending) onConnected(ending.connected)
      else setFault(FAULTS[ending.error] ?? `${name} did not give access.`)
    } catch {
      setFault('The link could not be made. Try again in a minute.')
    } finally {
      setIsOpen(false)
    }
  }
  return (
    <>
      {/* It stays usable: somebody who closed the window begins again. */}
      <button type="button" aria-busy={isOpen} onClick={() => void press()}>
        Connect {name}
      </button>
      <p role="status">{fault ?? (isOpen ? 'Go on in the other window.' : '')}</p>
    </>
  )
}

const FAULTS: Readonly<Record<string, string | undefined>> = {
  denied: 'You did not allow access.',
  expired: 'It took too long. Begin again.',
}
