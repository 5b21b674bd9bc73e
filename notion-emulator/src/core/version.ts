import type { ApiVersion } from '../state/model.ts'
import { ApiFailure, invalid } from './failure.ts'
import type { Settings } from './settings.ts'

const ANSWERED: readonly ApiVersion[] = ['2022-06-28', '2025-09-03', '2026-03-11']
/** Versions that the real API knows and the emulator does not. */
const KNOWN_ONLY = ['2021-05-13', '2021-08-16', '2022-02-22']
const NEWEST: ApiVersion = '2026-03-11'

/** The API version that a request asks for, or the refusal of one that cannot be answered. */
export function versionOf(header: string | undefined, settings: Settings): ApiVersion {
  if (header === undefined || header === '') {
    if (settings.lenientVersion) return NEWEST
    throw new ApiFailure(
      'missing_version',
      'Notion-Version header failed validation: Notion-Version header should be defined, instead was `undefined`.',
    )
  }
  const answered = ANSWERED.find((version) => version === header)
  if (answered !== undefined) return answered
  if (KNOWN_ONLY.includes(header)) throw invalid(`emulator: API version ${header} is not implemented.`)
  const known = ANSWERED.map((version) => `\`"${version}"\``).join(', ')
  throw invalid(
    `Notion-Version header failed validation: Notion-Version header should be one of ${known}, instead was \`"${header}"\`.`,
  )
}
