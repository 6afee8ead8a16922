/** Every state of the set-up page, and how a browser gets there. */
import type { Page } from 'playwright-core'
import { claimed, code } from '../../helpers/fake-agent.ts'
import { fillIn, press, reachReview, type SetupStage } from './stage.ts'

export interface PageState {
  readonly name: string
  reach(page: Page, stage: SetupStage): Promise<unknown>
}

const sshKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl arya@braavos'

async function fillAll(page: Page, { url }: SetupStage): Promise<void> {
  await page.goto(url)
  await fillIn(page)
  await page.locator('#sshKeys').fill(sshKey)
  await page.locator('#addressing-fixed').check()
  await page.locator('#address').fill('10.0.0.9/24')
  await page.locator('#gateway').fill('10.0.0.1')
  await page.locator('summary').click()
  await page.locator('#certificate-own').check()
  await page.locator('#chain').fill('-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----')
  await page.locator('#privateKey').fill('-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----')
}

async function claim(page: Page, { url }: SetupStage, typed = code): Promise<void> {
  await reachReview(page, url, typed)
  await press(page, 'claim')
}

/** In this order: the last ones cannot be left any more. */
export const states: readonly PageState[] = [
  {
    name: '01-starting',
    reach: async (page, { agent, url }) => {
      agent.state = 'booting'
      await page.goto(url)
      agent.state = 'unclaimed'
    },
  },
  { name: '02-form', reach: (page, { url }) => page.goto(url) },
  { name: '03-filled', reach: fillAll },
  {
    name: '04-faults',
    reach: async (page, stage) => {
      const fault = { key: 'network.gateway', problem: '10.9.9.9 is not in the network 10.0.0.0/24', instead: '' }
      await fillAll(page, stage)
      stage.agent.findFaults = () => [fault, { key: 'appliance.tls_cert_key', problem: 'it is encrypted', instead: '' }]
      await page.locator('#repeated').fill('another')
      await press(page, 'review')
      await page.locator('.summary').waitFor()
      stage.agent.findFaults = () => []
    },
  },
  {
    name: '05-review',
    reach: async (page, stage) => {
      await fillAll(page, stage)
      await press(page, 'review')
      await page.locator('.review').waitFor()
    },
  },
  { name: '06-change', reach: page => press(page, 'change') },
  {
    name: '07-wrong-code',
    reach: async (page, stage) => {
      await claim(page, stage, 'WRONG-CODE')
      await page.locator('.summary').waitFor()
    },
  },
  {
    name: '08-wait',
    reach: async (page, { agent }) => {
      for (let tries = 0; tries < 4; tries += 1) {
        await page.locator('#code').fill('WRONG-CODE')
        await press(page, 'claim')
        await page.locator('.summary').waitFor()
      }
      await page.locator('[data-seconds]').waitFor()
      const { nowMs } = agent
      agent.nowMs = () => nowMs() + 61_000
    },
  },
  {
    name: '09-failed',
    reach: async (page, stage) => {
      const { claim: former } = stage.agent
      stage.agent.claim = () => Promise.reject(new Error('the disk is full'))
      await claim(page, stage)
      await page.locator('.summary').waitFor()
      stage.agent.claim = former
    },
  },
  {
    name: '10-trial',
    reach: async (page, stage) => {
      const { agent } = stage
      const { claim: former } = agent
      agent.claim = async () => ({
        outcome: 'trial',
        untilMs: agent.nowMs() + 90_000,
        addresses: ['10.0.0.9', '2001:db8::9'],
      })
      await claim(page, stage)
      await page.locator('.addresses').waitFor()
      agent.claim = former
    },
  },
  { name: '11-confirm', reach: (page, { url }) => page.goto(url) },
  {
    name: '12-confirm-wrong-code',
    reach: async page => {
      await page.locator('#code').fill('WRONG-CODE')
      await page.locator('button').click()
      await page.locator('.summary').waitFor()
    },
  },
  {
    name: '13-rolled-back',
    reach: async (page, { agent }) => {
      agent.trial = { untilMs: 0, addresses: ['10.0.0.9'] }
      await page.locator('#code').fill(code)
      await page.locator('button').click()
      await page.locator('a.button').waitFor()
      agent.trial = undefined
    },
  },
  { name: '14-form-after-roll-back', reach: (page, { url }) => page.goto(url) },
  {
    name: '15-over',
    reach: async (page, { agent, url }) => {
      agent.isOpen = false
      await page.goto(url)
      agent.isOpen = true
    },
  },
  { name: '16-nowhere', reach: (page, { url }) => page.goto(`${url}nowhere`) },
  {
    name: '17-done-with-failures',
    reach: async (page, stage) => {
      const { agent } = stage
      const { claim: former } = agent
      const problem = 'systemctl exited with 1: Failed to try-restart ssh.service: Unit ssh.service is masked.'
      const step = 'systemctl --no-block try-restart ssh.service (where it runs, it reads its files anew)'
      const password = { step: 'chpasswd (the password of admin)', problem: 'chpasswd exited with 1' }
      agent.claim = async () => ({ ...claimed, failures: [password, { step, problem }] })
      await claim(page, stage)
      await page.locator('.summary').waitFor()
      Object.assign(agent, { claim: former, isClaimed: false })
    },
  },
  {
    name: '18-done',
    reach: async (page, stage) => {
      await claim(page, stage)
      await page.locator('.tick').waitFor()
    },
  },
  { name: '19-claimed', reach: (page, { url }) => page.goto(url) },
]
