// Marks, in the table of contents, the section that is being read. The list works without it.
const links = new Map(
  [...document.querySelectorAll(".contents-beside a")].map((link) => [link.hash.slice(1), link]),
);
const headings = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);
let current = null;

function mark() {
  const line = window.innerHeight * 0.25;
  const passed = headings.filter((heading) => heading.getBoundingClientRect().top < line);
  const link = links.get((passed.at(-1) ?? headings[0])?.id);
  if (link === current) return;
  current?.removeAttribute("aria-current");
  link?.setAttribute("aria-current", "true");
  if (link) keepInView(link);
  current = link;
}

// A long list scrolls by itself, and never the page with it.
function keepInView(link) {
  const frame = link.closest("nav");
  const { top, bottom } = link.getBoundingClientRect();
  const edges = frame.getBoundingClientRect();
  if (top < edges.top) frame.scrollTop -= edges.top - top;
  if (bottom > edges.bottom) frame.scrollTop += bottom - edges.bottom;
}

let waiting = false;
document.addEventListener("scroll", () => {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    mark();
  });
}, { passive: true });
