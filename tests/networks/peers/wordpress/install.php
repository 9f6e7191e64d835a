<?php
// Fills the database of the site in the folder it is given, as WordPress' own installer does, and
// prints each user's application password.

mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);
(new mysqli('localhost', 'root', '', null, null, getenv('PEER_DATABASE')))
    ->query('CREATE DATABASE wordpress CHARACTER SET utf8mb4');

define('WP_INSTALLING', true);
require $argv[1] . '/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';

wp_install('The practice', 'admin', 'admin@example.com', false, '', 'admin-password');
update_option('permalink_structure', '/%postname%/');
$passwords = [];
$roles = [
    'admin' => 'administrator',
    'editor' => 'editor',
    'contributor' => 'contributor',
    'patient' => 'subscriber',
];
foreach ($roles as $name => $role) {
    $user = get_user_by('login', $name) ?: get_user_by('id', wp_insert_user([
        'user_login' => $name,
        'user_email' => "$name@example.com",
        'user_pass' => "$name-password",
        'role' => $role,
    ]));
    $made = WP_Application_Passwords::create_new_application_password($user->ID, ['name' => 'tests']);
    $passwords[$name] = $made[0];
}
echo json_encode($passwords);
