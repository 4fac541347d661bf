// Closing: adds the notes up while they are counted. The server adds them up again.
import { vnd } from "./money.js";

const amount = (input) => {
  const digits = input.value.replace(/[^0-9]/g, "");
  return digits === "" ? 0 : Number(digits) * Number(input.dataset.worth);
};

export const startCount = (form) => {
  const inputs = [...form.querySelectorAll("[data-worth]")];
  const draw = () => {
    for (const input of inputs) {
      const sum = input.closest("tr")?.querySelector("[data-sum]");
      if (sum) sum.value = input.value === "" ? "—" : vnd(amount(input));
    }
    form.querySelector("[data-total]").value = vnd(inputs.reduce((sum, input) => sum + amount(input), 0));
  };
  form.addEventListener("input", draw);
  draw();
};
