import { Ban, CircleAlert, CircleCheck } from 'lucide-react'

/** How each outcome shows. */
export const OUTCOME_LOOKS = {
  success: { icon: CircleCheck, tone: 'good', word: 'outcome.success' },
  failure: { icon: CircleAlert, tone: 'bad', word: 'outcome.failure' },
  denied: { icon: Ban, tone: 'warn', word: 'outcome.denied' },
} as const
