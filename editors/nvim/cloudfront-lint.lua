-- For nvim-lint: require('lint').linters['cloudfront-lint'] = dofile('…/cloudfront-lint.lua')
local severity = vim.diagnostic.severity
local severities = { error = severity.ERROR, warning = severity.WARN, info = severity.INFO }

-- Neovim counts columns in bytes from 0, the JSON in characters from 1.
local function place(at, bufnr)
  local line = vim.api.nvim_buf_get_lines(bufnr, at.line - 1, at.line, false)[1] or ''
  local byte = vim.fn.byteidxcomp(line, at.column - 1)
  return at.line - 1, byte < 0 and #line or byte
end

local function parse(output, bufnr)
  local diagnostics = {}
  local function add(diagnostic)
    diagnostic.source = 'cloudfront-lint'
    table.insert(diagnostics, diagnostic)
  end
  local report = output ~= '' and vim.json.decode(output) or { findings = {}, errors = {} }
  for _, finding in ipairs(report.findings) do
    local level = severities[finding.level]
    if finding.file ~= vim.api.nvim_buf_get_name(bufnr) then
      -- Of a configuration, say: it has no place in this buffer.
      add({ lnum = 0, col = 0, severity = level, message = finding.file .. ': ' .. finding.message, code = finding.rule })
    elseif not finding.suppressed and not finding.baselined then
      local lnum, col = place(finding.span.start, bufnr)
      local end_lnum, end_col = place(finding.span['end'], bufnr)
      add({
        lnum = lnum, col = col, end_lnum = end_lnum, end_col = end_col,
        severity = level, message = finding.message, code = finding.rule,
      })
    end
  end
  for _, failure in ipairs(report.errors) do
    add({ lnum = 0, col = 0, severity = severity.ERROR, message = failure.message })
  end
  return diagnostics
end

return {
  cmd = 'cloudfront-lint',
  stdin = true,
  args = {
    'check', '-', '--skip-foreign', '--quiet', '--output', 'json', '--stdin-filename',
    function() return vim.api.nvim_buf_get_name(0) end,
  },
  stream = 'stdout',
  ignore_exitcode = true,
  parser = parse,
}
