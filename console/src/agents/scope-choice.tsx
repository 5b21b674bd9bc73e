import { useWords } from '../language.ts'
import type { PolicyScope } from './policies-query.ts'

interface ScopeChoiceProps {
  readonly scope: PolicyScope
  readonly onChoose: (scope: PolicyScope) => void
}

const SCOPES = [
  { scope: 'agent', word: 'policy.scope_agent', hint: 'policy.scope_agent_hint' },
  { scope: 'all', word: 'policy.scope_all', hint: 'policy.scope_all_hint' },
] as const

/** For whom the rules that are shown and changed below are. */
export function ScopeChoice({ scope, onChoose }: ScopeChoiceProps) {
  const { t } = useWords()
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1 text-sm font-medium">{t('policy.scope')}</legend>
      <div className="flex flex-wrap gap-x-6 gap-y-2">
        {SCOPES.map((one) => (
          <label key={one.scope} className="flex items-center gap-2">
            <input
              type="radio"
              name="policy-scope"
              checked={scope === one.scope}
              onChange={() => onChoose(one.scope)}
              className="size-4"
            />
            {t(one.word)}
          </label>
        ))}
      </div>
      <p className="text-xs text-ink-soft">{SCOPES.filter((one) => one.scope === scope).map(({ hint }) => t(hint))}</p>
    </fieldset>
  )
}
