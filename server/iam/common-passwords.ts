/** Long passwords that are tried first, in lower case, without digits and signs behind them. */
export const commonPasswords: ReadonlySet<string> = new Set(
  `passwordpassword administrator qwertyuiopas dispatchdispatch letmeinletmein iloveyouiloveyou welcomewelcome`.split(
    ' ',
  ),
)
