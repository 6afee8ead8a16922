/** What a browser with scripts does besides: looks at fields as they are left, shows that a claim is under way, counts down, copies. */
export const script = `
const all = selector => document.querySelectorAll(selector)

const form = document.querySelector('form[data-check]')
if (form) {
  const left = new Set([...all('[aria-invalid]')].map(field => field.id))
  let asked = 0
  let isLeaving = false
  const show = (id, problem) => {
    const field = document.getElementById(id)
    const place = document.getElementById(id + '-error')
    if (!field || !place) return
    place.replaceChildren()
    place.hidden = !problem
    if (!problem) return field.removeAttribute('aria-invalid')
    field.setAttribute('aria-invalid', 'true')
    const words = document.createElement('span')
    words.textContent = problem.text
    if (problem.language) words.lang = problem.language
    place.append(words)
  }
  const check = async () => {
    const number = ++asked
    const body = new FormData(form)
    body.delete('code')
    try {
      const answer = await fetch(form.dataset.check, { method: 'POST', body })
      if (!answer.ok) return
      const { problems } = await answer.json()
      if (number === asked) for (const id of left) show(id, problems.find(problem => problem.field === id))
    } catch {
      // The form is checked once more when it is sent.
    }
  }
  // What moves while a button is pressed would slip away from under the pointer.
  form.addEventListener('pointerdown', event => { isLeaving = Boolean(event.target.closest('button')) })
  form.addEventListener('focusout', ({ target, relatedTarget }) => {
    const isToButton = isLeaving || (relatedTarget && relatedTarget.type === 'submit')
    if (!target.name || target.readOnly || isToButton) return
    if (target.id === 'code') return show('code')
    if (target.value !== '' || left.has(target.id)) left.add(target.id)
    if (left.size > 0) check()
  })
  form.addEventListener('change', ({ target }) => { if (target.type === 'radio' && left.size > 0) check() })
}

for (const claim of all('form[data-progress]')) {
  claim.addEventListener('submit', event => {
    if (event.submitter && event.submitter.value !== 'claim') return
    // A button that is disabled at once would not be sent.
    setTimeout(() => {
      claim.setAttribute('aria-busy', 'true')
      for (const button of claim.querySelectorAll('button')) button.disabled = true
      claim.querySelector('.progress').hidden = false
    })
  })
}

const begin = performance.now()
for (const time of all('[data-seconds]')) {
  const tick = setInterval(() => {
    const left = Math.max(0, Math.ceil(time.dataset.seconds - (performance.now() - begin) / 1000))
    time.textContent = time.textContent.replace(/\\d+/, left)
    if (left > 0) return
    clearInterval(tick)
    for (const over of all('[data-over]')) over.hidden = false
  }, 500)
}

for (const button of all('[data-copy]')) {
  if (!navigator.clipboard) break
  const label = button.textContent
  button.hidden = false
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent)
    button.textContent = button.dataset.copied
    setTimeout(() => { button.textContent = label }, 3000)
  })
}
`
