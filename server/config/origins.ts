/** Which other sites' pages may use the API. */
import { ConfigError } from './error.ts'

const parseOrigin = (text: string): string => {
  const { protocol, origin } = URL.parse(text) ?? {}
  if ((protocol === 'http:' || protocol === 'https:') && origin === text) return text
  throw new ConfigError(
    `cors-origins: "${text}" is no origin, such as https://ui.example or http://localhost:3000; name each one, without a path`,
  )
}

/** Origins, such as `https://ui.example, http://localhost:3000`. Throws ConfigError. */
export const parseOrigins = (text: string): string[] =>
  text
    .split(',')
    .map(part => part.trim())
    .filter(Boolean)
    .map(parseOrigin)
