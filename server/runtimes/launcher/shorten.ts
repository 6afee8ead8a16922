/** How much of an error's text is told: a header of a frame has its bound, which would cost the container. */

const maxCharacters = 32 * 1024

export const shorten = (text: string): string =>
  text.length > maxCharacters ? `${text.slice(0, maxCharacters)} [truncated after ${maxCharacters} characters]` : text
