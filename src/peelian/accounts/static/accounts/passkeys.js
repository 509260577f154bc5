// Buttons that need a passkey show only where the browser knows passkeys; a ceremony that fails says so in words.
(function () {
  'use strict'
  const buttons = document.querySelectorAll('[data-passkey]')
  if (window.PublicKeyCredential) buttons.forEach((button) => { button.hidden = false })
  document.addEventListener('allauth.error', (event) => {
    event.preventDefault()
    const problem = document.getElementById('passkey-problem')
    if (!problem) return
    problem.textContent = 'That did not work. Try again, or use another way.'
    problem.hidden = false
  })
})()
