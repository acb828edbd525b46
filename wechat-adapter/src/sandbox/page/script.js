"use strict";
const POLL_MS = 2000;
const CHANNELS = { subscribe: "订阅消息", service_account: "服务号", wecom: "企业微信" };
const QUIET_TEXT = "这里是居民和工作人员的手机，收到的消息会自动出现。没有任何消息发往真正的微信。";

const day = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", month: "long", day: "numeric" });
const clock = new Intl.DateTimeFormat("zh-CN", {
  timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});

/** Text enters as text nodes alone, so nothing that a message says becomes markup. */
function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null));
  return node;
}

/** A colour of its own for each account, the same at every visit. */
function hue(text) {
  return [...text].reduce((sum, sign) => (sum * 31 + sign.codePointAt(0)) % 360, 150);
}

function when(instant) {
  const then = new Date(instant);
  const date = day.format(then) === day.format(new Date()) ? "今天" : day.format(then);
  return `${date} ${clock.format(then)}`;
}

function leadsTo(message) {
  if (message.page !== null) return ["进入小程序查看", message.page];
  if (message.url !== null) return ["查看详情", message.url];
  return null;
}

function card(message, arriving) {
  const icon = element("span", { class: "icon", "aria-hidden": "true", style: `--hue: ${hue(message.account)}` },
    [...message.account][0] ?? "微");
  const lines = message.data.flatMap(({ label, value }) => [element("dt", {}, label), element("dd", {}, value)]);
  const leads = leadsTo(message);
  return element("article", { class: arriving ? "card arriving" : "card" },
    element("div", { class: "from" }, icon, element("span", {}, message.account),
      element("span", { class: "channel" }, CHANNELS[message.channel]),
      message.read ? null : element("span", { class: "new" }, "未读")),
    element("h3", {}, message.title),
    element("dl", {}, ...lines),
    leads && element("div", { class: "leads" }, element("span", {}, leads[0]), element("code", {}, leads[1]),
      element("span", { "aria-hidden": "true" }, "›")));
}

// What the visitor did to the page, kept while the phones are drawn anew.
const opened = new Set();
const chosen = new Map();
const called = new Set();
const seen = new Set();
let first = true;

async function act(path, body) {
  const headers = { "content-type": "application/json" };
  const response = await fetch(`/phone/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  if (!response.ok) status.textContent = "这一步没有成功，请再试一次。";
  await refresh();
}

function held(phone, template, app) {
  const account = phone.accounts.find((own) => own.app_id === app);
  const right = account?.rights.find((own) => own.template_id === template);
  if (right?.long_term) return "已长期订阅";
  return right?.one_time ? `还可以收到 ${right.one_time} 条` : "尚未订阅";
}

function subscriptions(phone, accounts) {
  const offers = accounts.filter((account) => account.kind === "mini_program")
    .flatMap((account) => account.templates.map((template) => ({ account, template })));
  if (!offers.length) return [];
  const place = Math.min(chosen.get(phone.openid) ?? 0, offers.length - 1);
  const { account, template } = offers[place];
  const options = offers.map((offer, index) =>
    element("option", { value: index, selected: index === place }, `${offer.account.name} · ${offer.template.title}`));
  const id = `template-${phone.openid}`;
  const select = element("select", { id, onchange: (event) => {
    chosen.set(phone.openid, Number(event.target.value));
    redraw(phone.openid);
  } }, ...options);
  const body = { openid: phone.openid, app_id: account.app_id, template_id: template.id };
  return [
    element("label", { for: id }, "订阅消息"), select,
    element("p", { class: "held" }, held(phone, template.id, account.app_id)),
    element("div", { class: "row" },
      element("button", { class: "main", onclick: () => act("subscribe", { ...body, result: "accept" }) }, "允许"),
      element("button", { onclick: () => act("subscribe", { ...body, result: "reject" }) }, "拒绝"),
      element("button", { onclick: () => act("withdraw", body) }, "取消订阅")),
  ];
}

function following(phone, accounts) {
  return accounts.filter((account) => account.kind === "service_account").map((account) => {
    const own = phone.accounts.find((one) => one.app_id === account.app_id);
    const body = { openid: phone.openid, app_id: account.app_id };
    const button = (path, text) => element("button", { onclick: () => act(path, body) }, `${text}「${account.name}」`);
    return element("div", { class: "row" },
      own?.following ? button("unfollow", "取消关注") : button("follow", "关注"),
      own?.following ? (own.blocking ? button("unblock", "恢复接收") : button("block", "拒收")) : null);
  });
}

function acts(phone, accounts) {
  const mine = phone.accounts.some((own) => accounts.some((account) => account.app_id === own.app_id));
  if (!mine || phone.closed) return null;
  const details = element("details", { class: "acts", open: opened.has(phone.openid) },
    element("summary", {}, "订阅与关注"),
    element("div", {}, ...subscriptions(phone, accounts), ...following(phone, accounts)));
  details.addEventListener("toggle", () => opened[details.open ? "add" : "delete"](phone.openid));
  return details;
}

function head(phone) {
  const unread = phone.messages.filter((message) => !message.read).length;
  const count = phone.closed ? element("p", {}, "已注销微信")
    : unread ? element("p", {},
      element("span", { class: "unread-count" }, `${unread} 条未读`),
      element("button", { class: "plain", onclick: () => act("read", { openid: phone.openid }) }, "全部已读"))
    : element("p", {}, "服务通知");
  return element("div", { class: "phone-head" }, element("h2", {}, phone.label), count);
}

function drawPhone(phone, accounts) {
  const cards = phone.messages.toReversed().flatMap((message) => {
    const arriving = !first && !seen.has(message.msgid);
    seen.add(message.msgid);
    return [element("p", { class: "when" }, element("time", { datetime: message.sent_at }, when(message.sent_at))),
      card(message, arriving)];
  });
  const list = element("div", { class: "messages", tabindex: "0", role: "log", "aria-label": `${phone.label}收到的消息` },
    ...(cards.length ? cards : [element("p", { class: "empty" }, "还没有消息")]));
  return element("section", { class: "phone", "data-openid": phone.openid, "aria-label": `${phone.label}的手机` },
    head(phone), list, acts(phone, accounts));
}

const status = document.getElementById("status");
const main = document.getElementById("phones");
const drawn = new Map();
let view = { phones: [], accounts: [] };

function redraw(openid) {
  drawn.delete(openid);
  show();
}

/** Only the phones that changed are drawn anew, at the place where they stood. */
function show() {
  const standing = view.phones.filter((phone) => phone.messages.length || called.has(phone.openid));
  const nodes = standing.map((phone) => {
    const print = JSON.stringify([phone, view.accounts]);
    const before = drawn.get(phone.openid);
    if (before?.print === print) return before.node;
    const node = drawPhone(phone, view.accounts);
    drawn.set(phone.openid, { print, node });
    const old = main.querySelector(`[data-openid="${CSS.escape(phone.openid)}"]`);
    const focused = old?.contains(document.activeElement) && document.activeElement.textContent;
    const scrolled = old?.querySelector(".messages").scrollTop ?? 0;
    old?.replaceWith(node);
    node.querySelector(".messages").scrollTop = scrolled;
    if (focused) [...node.querySelectorAll("button, select, summary")].find((own) => own.textContent === focused)?.focus();
    return node;
  });
  nodes.forEach((node, place) => { if (main.children[place] !== node) main.insertBefore(node, main.children[place] ?? null); });
  while (main.children.length > nodes.length) main.lastChild.remove();
  showQuiet(view.phones.filter((phone) => !standing.includes(phone)));
  first = false;
}

function showQuiet(phones) {
  const list = document.querySelector("#quiet ul");
  const print = JSON.stringify(phones.map((phone) => [phone.openid, phone.label]));
  document.getElementById("quiet").hidden = !phones.length;
  if (list.dataset.print === print) return;
  list.dataset.print = print;
  list.replaceChildren(...phones.map((phone) => element("li", {}, element("button", {
    "aria-label": `打开${phone.label}的手机`,
    onclick: () => { called.add(phone.openid); opened.add(phone.openid); show(); },
  }, phone.label))));
}

async function refresh() {
  const response = await fetch("/sandbox/view", { cache: "no-store" });
  if (!response.ok) throw new Error(response.status);
  view = await response.json();
  show();
}

async function poll() {
  try {
    await refresh();
    if (status.textContent !== QUIET_TEXT) status.textContent = QUIET_TEXT;
  } catch {
    status.textContent = "沙箱没有应答，正在重试……";
  }
  setTimeout(poll, POLL_MS);
}
poll();
