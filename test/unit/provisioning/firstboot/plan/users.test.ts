import test from 'ava'
import { planUsers } from '../../../../../provisioning/firstboot/plan/users.ts'
import { noSettings } from '../../../../../provisioning/firstboot/settings.ts'

test('a password that is withdrawn is locked, not emptied', t => {
  const steps = planUsers(noSettings, { withdrawn: ['admin'] })
  const commands = steps.flatMap(step => (step.kind === 'command' ? [step.argv] : []))
  t.deepEqual(commands, [['passwd', '--lock', 'admin']])
})
