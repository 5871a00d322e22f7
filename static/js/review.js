// Owns what pages of review do beyond links: "a" leads to the first answer without choosing it, for keyboards.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.('a[href="#answer"]');
  const first = link && document.querySelector('#answer input[name="answer"]:checked, #answer input[name="answer"]');
  if (!first) return;
  event.preventDefault();
  first.focus();
  first.closest("form").scrollIntoView({ block: "nearest" });
});
