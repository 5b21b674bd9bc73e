import { useState } from 'react'

/** Whether it was true at least once: what was opened stays, so that it can close softly. */
export function useWasTrue(value: boolean): boolean {
  const [was, setWas] = useState(value)
  if (value && !was) setWas(true)
  return was || value
}
