;;; cloudfront-lint.el --- Flymake and compilation for CloudFront XML  -*- lexical-binding: t -*-
;; (require 'cloudfront-lint)
;; (add-hook 'nxml-mode-hook #'cloudfront-lint-setup)   ; and M-x flymake-mode
;; M-x cloudfront-lint checks a directory and lists what it finds.

(require 'compile)
(require 'flymake)

(defvar-local cloudfront-lint--process nil)

(defun cloudfront-lint--position (at)
  "The position in this buffer of AT, a place in the JSON."
  (save-excursion
    (goto-char (point-min))
    (forward-line (1- (gethash "line" at)))
    (min (line-end-position) (+ (point) (1- (gethash "column" at))))))

(defun cloudfront-lint--diagnostic (finding)
  "FINDING of the JSON as Flymake has it."
  (let* ((span (gethash "span" finding))
         (start (cloudfront-lint--position (gethash "start" span)))
         (end (cloudfront-lint--position (gethash "end" span)))
         (level (gethash "level" finding)))
    (flymake-make-diagnostic
     (current-buffer) start (max end (min (1+ start) (point-max)))
     (cdr (assoc level '(("error" . :error) ("warning" . :warning) ("info" . :note))))
     (format "%s [%s]" (gethash "message" finding) (gethash "rule" finding)))))

(defun cloudfront-lint--findings (output)
  "The findings in OUTPUT, a buffer with JSON, that nobody has accepted."
  (with-current-buffer output
    (goto-char (point-min))
    (seq-remove (lambda (finding) (or (eq t (gethash "suppressed" finding)) (eq t (gethash "baselined" finding))))
                (gethash "findings" (json-parse-buffer)))))

(defun cloudfront-lint-flymake (report &rest _)
  "A Flymake backend; passes what is found to REPORT."
  (when (process-live-p cloudfront-lint--process) (kill-process cloudfront-lint--process))
  (let ((source (current-buffer)) (output (generate-new-buffer " *cloudfront-lint*" t)))
    (setq cloudfront-lint--process
          (make-process
           :name "cloudfront-lint" :noquery t :connection-type 'pipe :coding 'utf-8-unix :buffer output
           :stderr (get-buffer-create " *cloudfront-lint errors*")
           :command (list "cloudfront-lint" "check" "-" "--skip-foreign" "--quiet" "--output" "json"
                          "--stdin-filename" (or buffer-file-name (buffer-name)))
           :sentinel
           (lambda (process _)
             (when (memq (process-status process) '(exit signal))
               (unwind-protect
                   (when (and (buffer-live-p source)
                              (eq process (buffer-local-value 'cloudfront-lint--process source)))
                     (with-current-buffer source
                       (funcall report (mapcar #'cloudfront-lint--diagnostic (cloudfront-lint--findings output)))))
                 (kill-buffer output))))))
    (process-send-region cloudfront-lint--process (point-min) (point-max))
    (process-send-eof cloudfront-lint--process)))

(defun cloudfront-lint-setup ()
  "Let Flymake ask cloudfront-lint in this buffer."
  (add-hook 'flymake-diagnostic-functions #'cloudfront-lint-flymake nil t))

(define-compilation-mode cloudfront-lint-mode "CloudFront"
  "What cloudfront-lint found."
  ;; Columns are characters: a tab is one.
  (setq-local compilation-error-screen-columns nil))

(defun cloudfront-lint (path)
  "List what is wrong with the documents in PATH."
  (interactive "fCheck file or directory: ")
  (compilation-start
   (concat "cloudfront-lint check --quiet --output concise " (shell-quote-argument (expand-file-name path)))
   #'cloudfront-lint-mode))

(provide 'cloudfront-lint)
;;; cloudfront-lint.el ends here
