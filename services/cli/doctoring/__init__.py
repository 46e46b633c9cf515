"""What `./huixin doctor` looks at, one file each."""
