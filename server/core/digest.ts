/** What is stored of secrets that only have to be known again. */
import { createHash } from 'node:crypto'

/** No salt and no slow hash: only for what is random, 128 bits or more of it. */
export const digestOf = (text: string): string => createHash('sha256').update(text).digest('base64url')
