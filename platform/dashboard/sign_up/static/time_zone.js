// The browser's own zone is the likeliest one; whoever chose another keeps it.
const select = document.querySelector("select[data-time-zone]");
if (select && select.value === "UTC") {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if ([...select.options].some((option) => option.value === zone)) select.value = zone;
}
