/// The version of this portlint.
let portlintVersion = "0.1.0"
