/** The language of a page: the one in its address, else the one that the browser prefers, else English. */

export const LANGUAGES = ['en', 'pt'] as const
export type Language = (typeof LANGUAGES)[number]

/** Name of the query parameter that remembers the choice. */
export const LANGUAGE_PARAMETER = 'lang'
/** As `lang` and `hreflang` say it. */
export const LANGUAGE_TAGS = { en: 'en', pt: 'pt-BR' } as const satisfies Record<Language, string>

/** Ranges of an Accept-Language header that are looked at; browsers send fewer. */
const RANGES_READ = 20

export function languageOf(chosen: string | undefined, acceptLanguage: string | undefined): Language {
  return isLanguage(chosen) ? chosen : preferredOf(acceptLanguage ?? '')
}

function isLanguage(text: string | undefined): text is Language {
  return LANGUAGES.some((language) => language === text)
}

/** RFC 9110 12.5.4, by the primary subtag: Portuguese of any country is served in the Brazilian kind. */
function preferredOf(header: string): Language {
  const ranges = header
    .split(',', RANGES_READ)
    .map((range) => {
      const [tag = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
      const weight = parameters.find((parameter) => parameter.startsWith('q='))
      return { language: tag.split('-')[0], weight: weight === undefined ? 1 : Number(weight.slice('q='.length)) }
    })
    .filter(({ weight }) => weight > 0)
    .sort((first, second) => second.weight - first.weight)
  const preferred = ranges.map(({ language }) => language).find((language) => isLanguage(language))
  return isLanguage(preferred) ? preferred : 'en'
}
