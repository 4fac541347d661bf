// Lets a phone fill in about where it is: rounded down to a tenth of a degree before it leaves the phone.
const form = document.querySelector("[data-place]");
const ask = form?.querySelector("[data-place-ask]");
if (ask && "geolocation" in navigator) {
  ask.hidden = false;
  const state = form.querySelector("[data-place-state]");
  ask.querySelector("button").addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements.cell.value = [coords.latitude, coords.longitude].map((degrees) => Math.floor(degrees * 10)).join();
        form.requestSubmit();
      },
      () => { state.textContent = state.dataset.denied; },
      { enableHighAccuracy: false, timeout: 10_000 },
    );
  });
}
