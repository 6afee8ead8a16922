/** What is stored of secrets that only have to be known again, and how they are compared. */
import { createHash, timingSafeEqual } from 'node:crypto'

const bytesOf = (text: string): Buffer => createHash('sha256').update(text).digest()

/** No salt and no slow hash: only for what is random, 128 bits or more of it. */
export const digestOf = (text: string): string => bytesOf(text).toString('base64url')

/** How long it takes tells nothing of either, nor of their lengths. */
export const isSameText = (one: string, other: string): boolean => timingSafeEqual(bytesOf(one), bytesOf(other))
