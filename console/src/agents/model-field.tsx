import { useQuery } from '@tanstack/react-query'
import type { Model } from '@chaveiro/sdk'
import { modelsQuery } from '../api.ts'
import { useWords } from '../language.ts'
import { BOX_LOOK, FieldFrame } from '../parts/field.tsx'
import { Loaded, Skeletons } from '../parts/loaded.tsx'

const DEFAULT_MODEL = ''

interface ModelFieldProps {
  readonly chosen: string | null
  readonly onChoose: (model: string | null) => void
}

/** By what an agent answers. The router is said to be what it is, chosen by name or as the default. */
export function ModelField({ chosen, onChoose }: ModelFieldProps) {
  const { t } = useWords()
  const models = useQuery(modelsQuery)
  return (
    <Loaded query={models} skeleton={<Skeletons count={1} className="h-14" />}>
      {(list) => {
        const current = list.find(({ id, is_default: isDefault }) => (chosen === null ? isDefault : id === chosen))
        const standard = list.find(({ is_default: isDefault }) => isDefault)
        return (
          <FieldFrame
            label={t('agent.model')}
            hint={current?.is_llm === false ? `${t('router.badge')}. ${t('router.about')}` : undefined}
            fault={current === undefined ? t('agent.model_gone', { model: chosen ?? '' }) : undefined}
          >
            {(ids) => (
              <select
                {...ids}
                value={chosen ?? DEFAULT_MODEL}
                onChange={(event) => onChoose(event.target.value === DEFAULT_MODEL ? null : event.target.value)}
                className={BOX_LOOK}
              >
                <option value={DEFAULT_MODEL}>
                  {t('agent.default_model')}
                  {standard === undefined ? '' : `: ${standard.is_llm ? standard.name : t('router.badge')}`}
                </option>
                {current === undefined && chosen !== null ? <option value={chosen}>{chosen}</option> : null}
                {list.map((model) => (
                  <ModelOption key={model.id} model={model} />
                ))}
              </select>
            )}
          </FieldFrame>
        )
      }}
    </Loaded>
  )
}

function ModelOption({ model }: { readonly model: Model }) {
  const { t } = useWords()
  return <option value={model.id}>{model.is_llm ? model.name : t('router.badge')}</option>
}
