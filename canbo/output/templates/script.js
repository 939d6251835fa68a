(() => {
  const fold = s => s.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/g, "d");
  const lang = document.documentElement.lang, said = lang === "vi" ? ["Tìm trong bảng", "dòng"] : ["Find in the table", "rows"];
  for (const table of document.querySelectorAll("table[data-find]")) {
    const body = table.tBodies[0], box = document.createElement("div");
    if (body.rows.length > 12) {
      box.className = "find";
      const label = document.createElement("label"), input = document.createElement("input"), count = document.createElement("output");
      input.type = "search"; label.append(said[0] + " ", input); box.append(label, count);
      let keys = null;
      input.addEventListener("input", () => {
        keys ??= [...body.rows].map(row => fold(row.textContent));
        const want = fold(input.value.trim()); let shown = 0;
        [...body.rows].forEach((row, i) => { row.hidden = !keys[i].includes(want); shown += !row.hidden; });
        count.textContent = want ? `${shown} ${said[1]}` : "";
      });
      table.parentElement.before(box);
    }
    if (!table.dataset.sort) continue;
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      if (!head.textContent.trim() || head.hasAttribute("data-fixed")) return;
      const button = document.createElement("button"); button.type = "button"; button.append(...head.childNodes); head.append(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") !== "descending";
        for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const value = row => { const cell = row.cells[column], n = cell.dataset.v; return n !== undefined ? +n : cell.textContent; };
        const by = new Intl.Collator(lang, { numeric: true });
        const rows = [...body.rows].map(row => [value(row), row]);
        rows.sort(([a], [b]) => (typeof a === "number" && typeof b === "number" ? a - b : by.compare(a, b)) * (down ? -1 : 1));
        body.append(...rows.map(([, row]) => row));
      });
    });
  }
  const open = () => { const at = document.getElementById(decodeURIComponent(location.hash.slice(1))); if (at?.tagName === "DETAILS") at.open = true; };
  addEventListener("hashchange", open); open();
})();
