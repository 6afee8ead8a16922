/**
 * What a person at `npm run boot` or a boot test asks of the appliance from outside: systemd credentials in the
 * firmware tables. The image itself holds none of it, so a normal boot has no login and no open port.
 */
export type Credentials = Readonly<Record<string, string>>

/** Root's shell on the serial console without a password. */
export const serialLogin: Credentials = {
  'tty.serial.ttyS0.agetty.autologin': 'root',
  'tty.serial.ttyS0.login.noauth': 'yes',
}

/** A way in for Packer: network and SSH on a base that enables neither, host keys of the bake's own, one key let in. */
export function createBakeCredentials(publicKey: string, sshUnit: string): Credentials {
  return {
    'ssh.authorized_keys.root': publicKey,
    ...dropIn('multi-user.target', ['[Unit]', `Wants=systemd-networkd.service ${sshUnit}`]),
    // An empty assignment takes away the unit's condition that this is a machine's first boot.
    ...dropIn('sshd-keygen.service', ['[Unit]', 'ConditionFirstBoot=']),
  }
}

/** Docker and Dispatch stay off: the floor that a boot's time is compared with. */
export const withoutDocker: Credentials = Object.assign(
  {},
  ...['docker.service', 'docker.socket', 'containerd.service', 'dispatch-server.service'].map(unit =>
    dropIn(unit, ['[Unit]', 'ConditionPathExists=/nonexistent']),
  ),
)

/** A TypeScript program that the appliance's Node runs once after each boot, as root: before, it would slow what it measures. */
export function createGuestProgram(fileName: string, program: string, words: readonly string[] = []): Credentials {
  const unit = 'dispatch-guest-program.service'
  return {
    [fileName]: program,
    [`systemd.extra-unit.${unit}`]: [
      ...[
        '[Unit]',
        'DefaultDependencies=no',
        'After=multi-user.target',
        '[Service]',
        'Type=exec',
        `ImportCredential=${fileName}`,
      ],
      ...[
        `ExecStart=${['/usr/lib/dispatch/node --disable-warning=ExperimentalWarning', `%d/${fileName}`, ...words].join(' ')}`,
        '',
      ],
    ].join('\n'),
    // A target waits for what it wants, unless (as here) that unit has no default dependencies.
    ...dropIn('multi-user.target', ['[Unit]', `Wants=${unit}`]),
  }
}

/** A file that is there before any unit of the system's own starts, and is left as it is where it is there already. */
export type GuestFile = { readonly path: string; readonly text: string; readonly mode: '0644' | '0755' }

export function createGuestFiles(files: readonly GuestFile[]): Credentials {
  const lines = files.map(({ path, text, mode }) => {
    // systemd-tmpfiles would read backslashes and percent signs; of base64 there are none.
    return `f~ ${path} ${mode} root root - ${Buffer.from(text).toString('base64')}\n`
  })
  return { 'tmpfiles.extra': lines.join('') }
}

function dropIn(unit: string, lines: readonly string[]): Credentials {
  return { [`systemd.unit-dropin.${unit}`]: `${lines.join('\n')}\n` }
}

/** As one argument of QEMU's `-smbios`, which splits at commas; base64 has none. */
export function renderSmbios([name, value]: readonly [string, string]): string {
  return `type=11,value=io.systemd.credential.binary:${name}=${Buffer.from(value).toString('base64')}`
}
