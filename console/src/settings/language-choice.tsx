import { keepLanguage, LANGUAGES, useWords, type Language } from '../language.ts'

/** In its own language each: somebody who cannot read this page finds theirs. */
const NAMES: Readonly<Record<Language, string>> = { en: 'English', 'pt-BR': 'Português (Brasil)' }

export function LanguageChoice() {
  const { t, language } = useWords()
  return (
    <fieldset className="flex flex-wrap gap-2">
      <legend className="sr-only">{t('settings.language')}</legend>
      {LANGUAGES.map((one) => (
        <label
          key={one}
          lang={one}
          className="flex min-h-9 cursor-pointer items-center gap-2 rounded-control px-1 text-sm has-checked:font-medium"
        >
          <input type="radio" name="language" checked={one === language} onChange={() => void keepLanguage(one)} />
          {NAMES[one]}
        </label>
      ))}
    </fieldset>
  )
}
