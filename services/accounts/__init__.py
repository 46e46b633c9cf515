"""accounts: who is who. People, roles, the union's unit tree, contact points, sign-in."""
