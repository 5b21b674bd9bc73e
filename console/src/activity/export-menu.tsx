import { useMutation } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { client } from '../api.ts'
import { useWords } from '../language.ts'
import { Button } from '../parts/button.tsx'
import { Failure } from '../parts/failure.tsx'
import { filterOf } from './asked.ts'
import type { ActivitySearch } from './search.ts'

const TYPES = { csv: 'text/csv;charset=utf-8', json: 'application/json' } as const

/** What the filters show, as a file. */
export function ExportMenu({ search }: { readonly search: ActivitySearch }) {
  const { t } = useWords()
  const saving = useMutation({
    mutationFn: async (format: keyof typeof TYPES) => {
      const text = await client.activity.export({ ...filterOf(search, new Date()), format })
      save(new Blob([text], { type: TYPES[format] }), `chaveiro-activity.${format}`)
    },
  })
  return (
    <div className="grid gap-2">
      <div className="flex flex-wrap gap-2">
        {(['csv', 'json'] as const).map((format) => (
          <Button
            key={format}
            busy={saving.isPending && saving.variables === format}
            onClick={() => saving.mutate(format)}
          >
            <Download size={16} strokeWidth={1.5} aria-hidden />
            {t('activity.export', { format: format.toUpperCase() })}
          </Button>
        ))}
      </div>
      <p role="status" className="text-xs text-ink-soft empty:hidden">
        {saving.isSuccess ? t('activity.exported') : ''}
      </p>
      {saving.isError ? <Failure error={saving.error} /> : null}
    </div>
  )
}

function save(file: Blob, name: string): void {
  const address = URL.createObjectURL(file)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  URL.revokeObjectURL(address)
}
