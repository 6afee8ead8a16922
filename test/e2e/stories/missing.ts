/** Owns what stories and suites still wait for; each step that waits names one of these. */
export const missing = {
  powershell: 'the runtime powershell',
  internet: 'a test machine that reaches the internet',
} as const

export type Missing = keyof typeof missing
