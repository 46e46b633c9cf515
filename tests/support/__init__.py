"""What tests share: private servers, fresh databases, a client, builders."""
