/** Which language a browser is answered in, and how a text is said in it. */
import { english, type TextKey } from './english.ts'
import { german } from './german.ts'

export type Catalogue = Readonly<Record<TextKey, string>>
export type LanguageId = 'en' | 'de'

/** Puts the values where the text names them. */
export type Say = (key: TextKey, values?: Readonly<Record<string, string | number>>) => string

export interface Language {
  readonly id: LanguageId
  /** As its speakers call it. */
  readonly name: string
  readonly say: Say
}

export const createSay =
  (catalogue: Catalogue): Say =>
  (key, values = {}) =>
    catalogue[key].replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole))

export const languages: readonly Language[] = [
  { id: 'en', name: 'English', say: createSay(english) },
  { id: 'de', name: 'Deutsch', say: createSay(german) },
]

const [fallback] = languages as [Language]

/** `de-CH;q=0.8` */
const parseRange = (text: string) => {
  const [tag = '', ...parameters] = text.split(';').map(part => part.trim().toLowerCase())
  const weight = parameters.find(parameter => parameter.startsWith('q='))?.slice(2) ?? '1'
  return { id: tag.split('-')[0] ?? '', weight: Number(weight) || 0 }
}

/** What was asked for by a link, else what the browser likes best of what there is. */
export function chooseLanguage(asked: unknown, acceptLanguage = ''): Language {
  const find = (id: unknown) => languages.find(language => language.id === id)
  const ranges = acceptLanguage.slice(0, 256).split(',').map(parseRange)
  const liked = ranges.filter(({ id, weight }) => weight > 0 && find(id)).toSorted((a, b) => b.weight - a.weight)
  return find(asked) ?? find(liked[0]?.id) ?? fallback
}
