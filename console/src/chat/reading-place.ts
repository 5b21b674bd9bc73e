import { createElement, useEffect, useLayoutEffect, useRef } from 'react'
import type { Message } from '@chaveiro/sdk'
import type { Conversation } from './use-conversation.ts'
import { EMPTY_TURN, turnOfMessage } from './turn.ts'

/** Where somebody is in a conversation: at its end, or where they scrolled to. */

/** Statuses of a run that says nothing more by itself. */
const ENDED = new Set(['succeeded', 'failed', 'stopped', 'waiting', 'interrupted'])

/** A page that is opened, or loaded again, while an agent is at work goes on where it is. */
export function useReconnect(
  messages: readonly Message[],
  { live, reconnect }: Pick<Conversation, 'live' | 'reconnect'>,
): void {
  const followed = useRef<number | null>(null)
  const last = messages.at(-1)
  const status = last?.role === 'assistant' ? turnOfMessage(last).status : EMPTY_TURN.status
  const runId = last?.run_id ?? null
  const isOpen = runId !== null && (status === null || !ENDED.has(status))
  useEffect(() => {
    if (!isOpen || live !== undefined || followed.current === runId) return
    followed.current = runId
    reconnect(runId)
  }, [isOpen, live, reconnect, runId])
}

/**
 * Keeps what is read where it is while something comes above it.
 * @param first changes when it has come
 * @returns to be called before it is asked for
 */
export function useHeldPlace(first: number): () => void {
  const fromEnd = useRef<number | null>(null)
  useLayoutEffect(() => {
    if (fromEnd.current === null) return
    const { documentElement: page } = document
    window.scrollTo(0, page.scrollHeight - fromEnd.current)
    fromEnd.current = null
  }, [first])
  return () => {
    const { documentElement: page } = document
    fromEnd.current = page.scrollHeight - page.scrollTop
  }
}

/** How far from the end somebody may be and still want to see what comes: more than an approval is high. */
const NEAR_THE_END_PIXELS = 320

/** Keeps the end in view while it grows, unless somebody scrolled up to read. */
export function Foot() {
  const foot = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const conversation = foot.current?.parentElement
    if (conversation === null || conversation === undefined) return undefined
    const { documentElement: page } = document
    // As it was before it grew: what came may be higher than the screen, and may have come above.
    let fromEnd = 0
    const look = () => {
      fromEnd = page.scrollHeight - page.scrollTop - page.clientHeight
    }
    const observer = new ResizeObserver(() => {
      if (fromEnd < NEAR_THE_END_PIXELS) window.scrollTo(0, page.scrollHeight)
      look()
    })
    observer.observe(conversation)
    window.addEventListener('scroll', look, { passive: true })
    return () => {
      observer.disconnect()
      window.removeEventListener('scroll', look)
    }
  }, [])
  return createElement('div', { ref: foot })
}
