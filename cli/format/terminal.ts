/** Owns what may reach a terminal: names and messages of a hostile server would move the cursor or rename the window. */

/** Without control characters other than the ends of lines and tabs. */
export const cleanText = (text: string): string => text.replace(/(?![\n\t])\p{Cc}/gu, '')
