import type { AgentPolicy, PolicyDecision } from '@chaveiro/sdk'
import { useWords } from '../language.ts'
import { decidedIn, type PolicyChange, type PolicyScope } from './policies-query.ts'

interface PolicyChoiceProps {
  /** Of the tool. */
  readonly title: string
  readonly policy: AgentPolicy
  readonly scope: PolicyScope
  readonly mayAllow: boolean
  readonly onDecide: (change: PolicyChange) => void
}

const DECISIONS = ['allow', 'ask', 'deny'] as const
const WORDS = { allow: 'policy.allow', ask: 'policy.ask', deny: 'policy.deny' } as const
const INHERITED = 'inherited'

/** What happens when the tool is called. Kept at once: it is a rule of the person, no part of the agent's definition. */
export function PolicyChoice({ title, policy, scope, mayAllow, onDecide }: PolicyChoiceProps) {
  const { t } = useWords()
  const decided = decidedIn(policy, scope)
  const inherited = scope === 'agent' ? (policy.for_all ?? policy.default) : policy.default
  const isOverruled = scope === 'agent' && policy.for_all === 'deny' && decided !== null
  const word = (decision: PolicyDecision) => t(WORDS[decision])
  return (
    <div className="grid justify-items-end">
      <select
        aria-label={t('policy.of', { tool: title })}
        value={decided ?? INHERITED}
        onChange={(event) => {
          const chosen = DECISIONS.find((decision) => decision === event.target.value) ?? null
          onDecide({ tool: policy.tool, scope, decision: chosen })
        }}
        className="min-h-8 rounded-control border border-line bg-surface px-2 text-sm text-ink hover:border-edge"
      >
        <option value={INHERITED}>
          {t(scope === 'agent' ? 'policy.as_all' : 'policy.as_usual', { decision: word(inherited) })}
        </option>
        {DECISIONS.filter((decision) => mayAllow || decision !== 'allow' || decided === 'allow').map((decision) => (
          <option key={decision} value={decision}>
            {word(decision)}
          </option>
        ))}
      </select>
      {isOverruled ? <span className="text-xs text-warn">{t('policy.overruled')}</span> : null}
    </div>
  )
}
