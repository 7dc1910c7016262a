;;; cloudfront-lint.el --- Flymake and compilation for CloudFront XML  -*- lexical-binding: t -*-
;; (require 'cloudfront-lint)
;; (add-hook 'nxml-mode-hook #'cloudfront-lint-setup)
;; M-x cloudfront-lint checks a file or a directory and lists what it finds.

(require 'compile)
(require 'flymake)

(defvar-local cloudfront-lint--process nil)

(defvar cloudfront-lint--known nil
  "A line and where it begins; findings come in order, so that lines are counted once.")

(defun cloudfront-lint--position (at)
  "The position in this buffer of AT, a place in the JSON."
  (let ((line (gethash "line" at)))
    (goto-char (cdr cloudfront-lint--known))
    (when (zerop (forward-line (- line (car cloudfront-lint--known))))
      (setq cloudfront-lint--known (cons line (point))))
    (min (line-end-position) (+ (point) (1- (gethash "column" at))))))

(defun cloudfront-lint--diagnostic (finding file)
  "FINDING of the JSON as Flymake has it; what is not about FILE stands at the start."
  (let* ((span (gethash "span" finding))
         (here (equal (gethash "file" finding) file))
         (start (if here (cloudfront-lint--position (gethash "start" span)) (point-min)))
         (end (if here (cloudfront-lint--position (gethash "end" span)) (point-min)))
         (type (assoc (gethash "level" finding) '(("error" . :error) ("warning" . :warning) ("info" . :note)))))
    (flymake-make-diagnostic
     (current-buffer) start (max end (min (1+ start) (point-max))) (cdr type)
     (format "%s%s [%s]" (if here "" (concat (gethash "file" finding) ": "))
             (gethash "message" finding) (gethash "rule" finding)))))

(defun cloudfront-lint--diagnostics (report file)
  "What is in REPORT, the JSON about FILE, and accepted by nobody."
  (save-excursion
    (save-restriction
      (widen)
      (let ((cloudfront-lint--known (cons 1 (point-min))))
        (append
         (mapcar (lambda (finding) (cloudfront-lint--diagnostic finding file))
                 (seq-remove (lambda (finding)
                               (or (eq t (gethash "suppressed" finding)) (eq t (gethash "baselined" finding))))
                             (gethash "findings" report)))
         (mapcar (lambda (failure)
                   (flymake-make-diagnostic (current-buffer) (point-min) (min (1+ (point-min)) (point-max))
                                            :error (gethash "message" failure)))
                 (gethash "errors" report)))))))

(defun cloudfront-lint--coding ()
  "How this buffer is written into its file: the declaration of the document may name it."
  (let ((coding (or buffer-file-coding-system 'utf-8-unix)))
    (if (eq (coding-system-type coding) 'undecided) 'utf-8-unix coding)))

(defun cloudfront-lint-flymake (report-fn &rest _)
  "A Flymake backend; calls REPORT-FN with what is found."
  (when (process-live-p cloudfront-lint--process) (kill-process cloudfront-lint--process))
  (let* ((source (current-buffer))
         (file (or buffer-file-name (buffer-name)))
         (output (generate-new-buffer " *cloudfront-lint*"))
         (done (lambda (process _)
                 (when (memq (process-status process) '(exit signal))
                   (unwind-protect
                       (when (and (buffer-live-p source)
                                  (eq process (buffer-local-value 'cloudfront-lint--process source)))
                         (with-current-buffer source
                           (funcall report-fn
                                    (cloudfront-lint--diagnostics
                                     (with-current-buffer output (goto-char (point-min)) (json-parse-buffer))
                                     file))))
                     (kill-buffer output))))))
    (setq cloudfront-lint--process
          (make-process
           :name "cloudfront-lint" :noquery t :connection-type 'pipe
           :coding (cons 'utf-8-unix (cloudfront-lint--coding))
           :buffer output :stderr (get-buffer-create " *cloudfront-lint errors*") :sentinel done
           :command (list "cloudfront-lint" "check" "-" "--skip-foreign" "--quiet" "--output" "json"
                          "--stdin-filename" file)))
    (save-restriction
      (widen)
      (process-send-region cloudfront-lint--process (point-min) (point-max)))
    (process-send-eof cloudfront-lint--process)))

(defun cloudfront-lint-setup ()
  "Let Flymake ask cloudfront-lint about this buffer."
  (add-hook 'flymake-diagnostic-functions #'cloudfront-lint-flymake nil t)
  (flymake-mode 1))

(define-compilation-mode cloudfront-lint-mode "CloudFront"
  "What cloudfront-lint found."
  ;; Columns are characters: a tab is one, whatever its width.
  (setq-local compilation-error-screen-columns nil))

(defun cloudfront-lint (path)
  "List what is wrong with the documents in PATH."
  (interactive "fCheck file or directory: ")
  (compilation-start
   (concat "cloudfront-lint check --quiet --color never --output concise "
           (shell-quote-argument (expand-file-name path)))
   #'cloudfront-lint-mode))

(provide 'cloudfront-lint)
;;; cloudfront-lint.el ends here
