import test from 'ava'
import { renderShadow } from '../../../packer/identity.ts'

test('the day of the last password change becomes the epoch', t => {
  t.is(renderShadow('root:!*:20411:0:99999:7:::\nx:!::::::\n', 86_400 * 3), 'root:!*:3:0:99999:7:::\nx:!::::::\n')
})
