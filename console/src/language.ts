import i18next from 'i18next'
import { useSyncExternalStore } from 'react'
import type { LocalText } from '@chaveiro/sdk'
import type { en } from './words/en.ts'

/** The languages of the console, by their tags (BCP 47). */
export const LANGUAGES = ['en', 'pt-BR'] as const
export type Language = (typeof LANGUAGES)[number]

const KEY = 'chaveiro.language'

/** A text of the dictionary; its plural forms count as one. */
export type WordKey = WithoutPlural<keyof typeof en>
type WithoutPlural<Key extends string> = Key extends `${infer Base}_one` | `${infer Base}_other` ? Base : Key

export type Values = Readonly<Record<string, string | number>>

/** The first of the browser's languages that we speak. */
export function languageOf(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    if (tag.toLowerCase().startsWith('pt')) return 'pt-BR'
    if (tag.toLowerCase().startsWith('en')) return 'en'
  }
  return 'en'
}

function storedLanguage(): Language | undefined {
  const stored = localStorage.getItem(KEY)
  return LANGUAGES.find((language) => language === stored)
}

/** Loaded when it is needed: nobody reads both at once. */
const DICTIONARIES: Readonly<Record<Language, () => Promise<Readonly<Record<string, string>>>>> = {
  en: async () => (await import('./words/en.ts')).en,
  'pt-BR': async () => (await import('./words/pt.ts')).pt,
}

export async function startLanguage(): Promise<void> {
  const language = storedLanguage() ?? languageOf(navigator.languages)
  await i18next.init({
    lng: language,
    resources: { [language]: { translation: await DICTIONARIES[language]() } },
    keySeparator: false,
    nsSeparator: false,
    // React escapes what it shows.
    interpolation: { escapeValue: false },
  })
  document.documentElement.lang = i18next.language
}

export async function keepLanguage(language: Language): Promise<void> {
  localStorage.setItem(KEY, language)
  i18next.addResourceBundle(language, 'translation', await DICTIONARIES[language]())
  await i18next.changeLanguage(language)
  document.documentElement.lang = language
}

export interface Words {
  readonly t: (key: WordKey, values?: Values) => string
  readonly language: Language
  /** A text that the server has in both languages. */
  readonly local: (text: LocalText) => string
}

export function useWords(): Words {
  return WORDS[useSyncExternalStore(onLanguageChange, currentLanguage)]
}

function wordsOf(language: Language): Words {
  const t = i18next.getFixedT(language)
  return {
    language,
    t: (key, values = {}) => t(key as string, values),
    local: (text) => (language === 'en' ? text.en : text.pt),
  }
}

function onLanguageChange(listener: () => void): () => void {
  i18next.on('languageChanged', listener)
  return () => i18next.off('languageChanged', listener)
}

const currentLanguage = () => languageOf([i18next.language])

const WORDS: Readonly<Record<Language, Words>> = { en: wordsOf('en'), 'pt-BR': wordsOf('pt-BR') }
