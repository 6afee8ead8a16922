/** The machine's Chromium without a window, and a page of a site of its own in it. */
import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

export interface OpenPage {
  /** Runs the body of an async function in the page and returns what it returns. */
  run(body: string): Promise<unknown>
  /** Leaves the page, and with it whatever it has open. */
  leave(): Promise<void>
}

export interface OpenBrowser {
  openPage(): Promise<OpenPage>
  close(): Promise<void>
}

export function findChromium(): string {
  const places = (process.env.PATH ?? '').split(':').map(place => join(place, 'chromium'))
  const found = places.find(existsSync)
  if (!found) throw new Error('there is no chromium on the PATH: node setup.mjs test installs it')
  return found
}

async function openPage(browser: Browser, url: string): Promise<OpenPage> {
  const page = await browser.newPage()
  await page.goto(url)
  return {
    run: body => page.evaluate(`(async () => {${body}})()`),
    leave: () => page.close(),
  }
}

/** Its sandbox refuses root, and what it loads here is our own. */
export const launchChromium = (): Promise<Browser> =>
  chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] })

export async function openBrowser(): Promise<OpenBrowser> {
  const site = createServer((_, response) => response.setHeader('content-type', 'text/html').end('<title>x</title>'))
  const listening = Promise.withResolvers<void>()
  site.listen(0, '127.0.0.1', listening.resolve)
  await listening.promise
  const address = site.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`
  const browser = await launchChromium()
  return {
    openPage: () => openPage(browser, url),
    close: async () => {
      await browser.close()
      site.closeAllConnections()
      site.close()
    },
  }
}
