-- Renders one page for `vovcrawl.render.splash`: what it gets is in splash.args, see `SplashBrowser._arguments` there.
-- Splash lets scripts have few of Lua's functions: of those that know patterns, `find` alone.

-- Requests for other things say what they accept; scripts and data do not.
local OTHER_KINDS = {"text/html", "text/css", "text/event%-stream", "image/"}

-- A page is written only into a page that stands, so that navigation is locked before its first script runs. What the
-- one policy forbids holds for all that is written: WebSockets, workers and frames, none of which on_request sees.
local POLICY = "connect-src http: https:; child-src 'none'; frame-src 'none'; object-src 'none'"
local SHELL = '<!DOCTYPE html><html><head><meta http-equiv="Content-Security-Policy" content="' .. POLICY
  .. '"></head><body></body></html>'

local STEP = 0.05
local QUIET_STEPS = 2

-- Whether a text is as a pattern with asterisks has it, from its beginning to its end.
local function fits(text, pattern)
  local at, place, star, resumed = 1, 1, nil, nil
  while at <= #text do
    local sign = pattern:sub(place, place)
    if sign == "*" then
      star, resumed = place, at
      place = place + 1
    elseif sign ~= "" and sign == text:sub(at, at) then
      at, place = at + 1, place + 1
    elseif star then
      resumed = resumed + 1
      at, place = resumed, star + 1
    else
      return false
    end
  end
  while pattern:sub(place, place) == "*" do place = place + 1 end
  return place > #pattern
end

-- Whether the rules of a host, the first of them that fits, let a path be asked for.
local function allows(rules, path)
  for _, rule in ipairs(rules) do
    local length = #rule.prefix
    if path:sub(1, length) == rule.prefix and (not rule.rest or fits(path:sub(length + 1), rule.rest)) then
      return rule.allow
    end
  end
  return true
end

function main(splash)
  local args = splash.args
  local blocked, unknown, sent, answered, leaves = {}, {}, 0, 0, false

  local function block(request, why)
    blocked[why] = (blocked[why] or 0) + 1
    request:abort()
  end

  splash.images_enabled = false
  splash.plugins_enabled = false
  splash.html5_media_enabled = false
  splash.media_source_enabled = false
  splash.webgl_enabled = false
  splash.indexeddb_enabled = false
  splash.resource_timeout = args.resource_timeout
  splash:set_user_agent(args.user_agent)

  splash:on_request(function(request)
    local _, _, scheme, host, path = request.url:find("^(%a[%w+.-]*)://([^/?#]*)([^#]*)")
    if scheme ~= "http" and scheme ~= "https" then
      if request.url == "" or request.url:find("^data:") then return end
      return block(request, "scheme")
    end
    if not args.hosts[host] then return block(request, "host") end
    local accept = request.headers["Accept"] or ""
    for _, kind in ipairs(OTHER_KINDS) do
      if accept:find(kind) then return block(request, "kind") end
    end
    local _, _, ending = path:find("^[^?]*%.(%w+)%f[?\0]")
    if ending and args.files[ending:lower()] then return block(request, "kind") end
    if request.method ~= "GET" and request.method ~= "HEAD" then return block(request, "method") end
    if sent >= args.most then return block(request, "number") end
    local rules = args.rules[host]
    if rules == nil then
      unknown[host] = true
      return request:abort()
    end
    if path == "" or path:sub(1, 1) == "?" then path = "/" .. path end
    if not rules.known or not allows(rules.list, path) then return block(request, "robots.txt") end
    sent = sent + 1
    if args.mirror then
      request:set_url(args.mirror .. path)
      request:set_header("Host", host)
      if args.authorization then request:set_header("Authorization", args.authorization) end
    end
  end)
  splash:on_response(function() answered = answered + 1 end)
  splash:on_navigation_locked(function(request)
    if request.url:find("^about:") then return end
    blocked.kind = (blocked.kind or 0) + 1
    leaves = true
  end)

  assert(splash:set_content(SHELL, "text/html; charset=utf-8", args.url))
  splash:lock_navigation()
  splash:jsfunc("function (html) { document.open(); document.write(html); document.close(); }")(args.html)

  -- A page is ready when it is loaded, and neither it nor what it asks for has changed for a while.
  local state = splash:jsfunc("function () { return document.readyState + document.getElementsByTagName('*').length; }")
  local before, quiet, waited, is_loaded = "", 0, 0, false
  while quiet < QUIET_STEPS and waited < args.patience do
    splash:wait(STEP)
    waited = waited + STEP
    -- A page may forbid scripts, or have made other functions of those that are asked.
    local is_said, found = pcall(state)
    if not is_said or type(found) ~= "string" then found = "complete" .. #splash:html() end
    if not is_loaded then
      is_loaded = found:find("^complete") ~= nil
      if leaves then return {leads_away = true} end
    end
    local seen = found .. " " .. sent .. " " .. answered
    quiet = is_loaded and seen == before and quiet + 1 or 0
    before = seen
  end

  local html = splash:html()
  if #html > args.largest then return {size = #html} end
  return {html = html, blocked = blocked, asked = sent, unknown = unknown}
end
