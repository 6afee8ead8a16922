/** Owns what stories and suites still wait for; each step that waits names one of these. */
export const missing = {
  packages: 'images with packages that their runtime does not hold',
  powershell: 'the runtime powershell',
  java: 'the runtime java',
  internet: 'a test machine that reaches the internet',
} as const

export type Missing = keyof typeof missing
