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
  for _, finding in ipairs(output ~= '' and vim.json.decode(output).findings or {}) do
    if not finding.suppressed and not finding.baselined then
      local lnum, col = place(finding.span.start, bufnr)
      local end_lnum, end_col = place(finding.span['end'], bufnr)
      table.insert(diagnostics, {
        lnum = lnum, col = col, end_lnum = end_lnum, end_col = end_col,
        severity = severities[finding.level],
        message = finding.message, code = finding.rule, source = 'cloudfront-lint',
      })
    end
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
