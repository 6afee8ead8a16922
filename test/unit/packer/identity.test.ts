import test from 'ava'
import { renderFollowed, renderShadow } from '../../../packer/identity.ts'

test('the day of the last password change becomes the epoch', t => {
  t.is(renderShadow('root:!*:20411:0:99999:7:::\nx:!::::::\n', 86_400 * 3), 'root:!*:3:0:99999:7:::\nx:!::::::\n')
})

test('caches and users count as made when the latest file was', t => {
  t.is(renderFollowed(1_767_225_600), 'TIMESTAMP_NSEC=1767225600000000000\n')
})
