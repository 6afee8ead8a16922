/** Whose password opens the console, and whether it is the one that was typed. */
import type { Facts } from '../firstboot/plan/step.ts'
import type { Login } from '../firstboot/settings.ts'
import type { Run } from '../run.ts'

/** Root, or where root has none, the administrator. */
export const accountOf = (facts: Pick<Facts, 'passwords'> | undefined): Login | undefined =>
  (['root', 'admin'] as const).find(login => facts?.passwords.includes(login))

/** PAM's own helper: it compares with /etc/shadow, and is given the password by its input, with a zero behind it. */
export async function verifyPassword(run: Run, account: Login, password: string): Promise<boolean> {
  if (password === '' || password.includes('\0')) return false
  const { exitCode } = await run(['unix_chkpwd', account, 'nonull'], { stdin: `${password}\0` })
  return exitCode === 0
}
